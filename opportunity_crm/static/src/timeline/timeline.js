import { Component, onWillStart, onWillUpdateProps, useEffect, useState } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { TimelineEntry } from "./timeline_entry";
import { getTimelineKinds } from "./timeline_kinds";

/**
 * What is to be done for an opportunity and what has been, page by page. A notebook mounts only the page that is
 * looked at, so nothing is read before.
 */
export class Timeline extends Component {
    static template = "opportunity_crm.Timeline";
    static components = { TimelineEntry };
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.store = useService("mail.store");
        this.request = 0;
        this.filters = useState({ ofCustomer: false, kinds: [], personId: false });
        this.state = useState({ entries: [], next: false, counts: {}, people: [], canAdd: false, isLoaded: false });
        onWillStart(() => this.load());
        onWillUpdateProps((next) => this.load(next.record.resId));
        this.watchChatter();
    }

    /** What is written or finished in the chatter, beside the timeline, is in the timeline as well. */
    watchChatter() {
        let known;
        useEffect(
            (id, ...seen) => {
                const isNews = known?.id === id && known.seen[0] !== undefined && `${known.seen}` !== `${seen}`;
                known = { id, seen };
                if (isNews) {
                    this.load();
                }
            },
            () => [
                this.resId,
                this.thread?.newestPersistentMessage?.id,
                (this.thread?.activities || []).map((activity) => activity.id).join(),
            ]
        );
    }

    get resId() {
        return this.props.record.resId;
    }

    get thread() {
        return this.resId && this.store.Thread.get({ model: "crm.lead", id: this.resId });
    }

    get hasCustomer() {
        return Boolean(this.props.record.data.partner_id);
    }

    get kinds() {
        return getTimelineKinds()
            .map((kind) => ({ ...kind, count: this.state.counts[kind.name] || 0 }))
            .filter(({ name, count }) => count || this.filters.kinds.includes(name));
    }

    get isFiltered() {
        return Boolean(this.filters.kinds.length || this.filters.personId);
    }

    /** The entries under their days, those ahead before those that lie back. */
    get days() {
        const days = [];
        for (const entry of this.state.entries) {
            const date = deserializeDateTime(entry.date).startOf("day");
            const key = `${entry.is_upcoming}-${date.toISODate()}`;
            if (days.at(-1)?.key !== key) {
                const section = days.at(-1)?.entries[0].is_upcoming !== entry.is_upcoming;
                days.push({ key, date, section, isUpcoming: entry.is_upcoming, entries: [] });
            }
            days.at(-1).entries.push(entry);
        }
        return days;
    }

    label({ date }) {
        const names = { "-1": _t("Yesterday"), 0: _t("Today"), 1: _t("Tomorrow") };
        const today = luxon.DateTime.now().startOf("day");
        const name = names[Math.round(date.diff(today, "days").days)];
        return name || date.toLocaleString(luxon.DateTime.DATE_MED);
    }

    /** Only the last answer counts, and every request ends: dialogs wait for it before they close. */
    async load(resId = this.resId) {
        const request = ++this.request;
        const page = resId ? await this.read(resId) : { entries: [], next: false, kinds: {}, people: [] };
        if (request === this.request) {
            Object.assign(this.state, {
                entries: page.entries,
                next: page.next,
                counts: page.kinds,
                people: page.people,
                canAdd: page.can_add,
                isLoaded: true,
            });
        }
    }

    async loadMore() {
        const request = ++this.request;
        const page = await this.read(this.resId, this.state.next);
        if (request === this.request) {
            this.state.entries.push(...page.entries);
            this.state.next = page.next;
        }
    }

    async read(resId, after) {
        const page = await this.orm.call("crm.lead", "get_timeline", [[resId]], {
            of_customer: this.filters.ofCustomer,
            kinds: this.filters.kinds,
            person_id: this.filters.personId,
            after,
        });
        this.store.insert(page.store || {});
        return page;
    }

    toggleKind(name) {
        const { kinds } = this.filters;
        this.filters.kinds = kinds.includes(name) ? kinds.filter((other) => other !== name) : [...kinds, name];
        return this.load();
    }

    choosePerson(ev) {
        this.filters.personId = Number(ev.target.value) || false;
        return this.load();
    }

    chooseScope(ofCustomer) {
        Object.assign(this.filters, { ofCustomer, personId: false });
        return this.load();
    }

    clearFilters() {
        Object.assign(this.filters, { kinds: [], personId: false });
        return this.load();
    }

    async add(name) {
        const { record } = this.props;
        if (await record.save()) {
            await this[name](record.resId, () => this.reload());
        }
    }

    async addTask(id, onClose) {
        await this.store.scheduleActivity("crm.lead", [id]);
        return onClose();
    }

    async addMeeting(id, onClose) {
        const { context } = await this.orm.call("crm.lead", "action_schedule_meeting", [[id]], {
            smart_calendar: false,
        });
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("New Meeting"),
                res_model: "calendar.event",
                views: [[false, "form"]],
                target: "new",
                context,
            },
            { onClose }
        );
    }

    /** Odoo's composer as the chatter opens it for a note: nobody has to be told. */
    addNote(id, onClose) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Log note"),
                res_model: "mail.compose.message",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_model: "crm.lead",
                    default_res_ids: [id],
                    default_subtype_xmlid: "mail.mt_note",
                    default_partner_ids: [],
                    clicked_on_full_composer: true,
                },
            },
            { onClose }
        );
    }

    addEmail(id, onClose) {
        const context = { active_model: "crm.lead", active_id: id, active_ids: [id] };
        return this.action.doAction("crm.action_lead_mail_compose", { additionalContext: context, onClose });
    }

    /** Show what has become of the opportunity, everywhere on its form. */
    async reload() {
        await this.props.record.model.load();
        await this.load();
    }
}

registry.category("view_widgets").add("opportunity_timeline", {
    component: Timeline,
    fieldDependencies: [{ name: "partner_id", type: "many2one" }],
});
