import { Activity } from "@mail/core/web/activity";
import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { getTimelineKind } from "./timeline_kinds";

/** One entry of the timeline. What is still to be done is Odoo's own activity, with its buttons. */
export class TimelineEntry extends Component {
    static template = "opportunity_crm.TimelineEntry";
    static components = { Activity };
    static props = { entry: Object, onChange: Function };

    setup() {
        this.action = useService("action");
        this.store = useService("mail.store");
    }

    get kind() {
        return getTimelineKind(this.props.entry.kind);
    }

    /** Odoo's record of an activity that can be finished here: of the entry, or of a meeting. */
    get activity() {
        const { kind, id, is_upcoming: isUpcoming, activity_id: activityId } = this.props.entry;
        const own = kind === "activity" && isUpcoming ? id : activityId;
        return own ? this.store["mail.activity"].get(own) : undefined;
    }

    get date() {
        return deserializeDateTime(this.props.entry.date);
    }

    get exactDate() {
        const { is_day: isDay, date_end: end } = this.props.entry;
        if (isDay) {
            return formatDate(this.date);
        }
        const start = formatDateTime(this.date, { showSeconds: false });
        return end
            ? _t("%(start)s to %(end)s", {
                  start,
                  end: formatDateTime(deserializeDateTime(end), { showSeconds: false }),
              })
            : start;
    }

    get relativeDate() {
        return this.props.entry.is_day ? this.date.toRelativeCalendar({ unit: "days" }) : this.date.toRelative();
    }

    get shownDate() {
        const { is_day: isDay, kind } = this.props.entry;
        if (isDay) {
            return "";
        }
        const time = this.date.toLocaleString(luxon.DateTime.TIME_SIMPLE);
        if (kind !== "meeting") {
            return time;
        }
        const end = deserializeDateTime(this.props.entry.date_end).toLocaleString(luxon.DateTime.TIME_SIMPLE);
        return _t("%(start)s to %(end)s", { start: time, end });
    }

    get tone() {
        const { kind, cause, is_upcoming: isUpcoming } = this.props.entry;
        if (kind === "move") {
            return { won: "text-bg-success", lost: "text-bg-danger" }[cause] || "text-bg-light border";
        }
        if (kind === "activity") {
            return "text-bg-success";
        }
        return isUpcoming || ["received", "click", "view"].includes(kind) ? "text-bg-primary" : "text-bg-light border";
    }

    openMeeting() {
        return this.open("calendar.event", this.props.entry.id, { target: "new" });
    }

    openDocument() {
        const { model, id } = this.props.entry.document;
        return this.open(model, id);
    }

    open(resModel, resId, values = {}) {
        return this.action.doAction(
            { type: "ir.actions.act_window", res_model: resModel, res_id: resId, views: [[false, "form"]], ...values },
            values.target ? { onClose: () => this.props.onChange() } : {}
        );
    }
}
