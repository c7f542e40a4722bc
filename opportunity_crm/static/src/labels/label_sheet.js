import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/**
 * A sheet of labels, drawn to scale. Labels before the first free one are used up; those from there on are filled, as
 * far as there are labels to print.
 */
export class LabelSheet extends Component {
    static template = "opportunity_crm.LabelSheet";
    static props = {
        sheet: { type: Object },
        first: { type: Number, optional: true },
        total: { type: Number, optional: true },
        onSelect: { type: Function, optional: true },
    };
    static defaultProps = { first: 1, total: 0 };

    get viewBox() {
        const [width, height] = this.props.sheet.page;
        return `-1 -1 ${width + 2} ${height + 2}`;
    }

    get labels() {
        return this.props.sheet.labels.map(([left, top, width, height], index) => ({
            number: index + 1,
            left,
            top,
            width,
            height,
            fontSize: Math.min(height * 0.5, width * 0.3, 9),
            state: this.stateOf(index + 1),
        }));
    }

    stateOf(number) {
        if (number < this.props.first) {
            return "used";
        }
        return number < this.props.first + this.props.total ? "filled" : "free";
    }

    titleOf(label) {
        const titles = {
            used: _t("Label %s: used up", label.number),
            filled: _t("Label %s: will be printed", label.number),
            free: _t("Label %s: stays free", label.number),
        };
        return titles[label.state];
    }

    onKeydown(ev, label) {
        if (this.props.onSelect && [" ", "Enter"].includes(ev.key)) {
            ev.preventDefault();
            this.props.onSelect(label.number);
        }
    }
}
