import { Component, onWillStart, onWillUpdateProps, xml } from "@odoo/owl";
import { append, createElement } from "@web/core/utils/xml";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";
import { FormCompiler } from "@web/views/form/form_compiler";
import { toStringExpression } from "@web/views/utils";

const LAZY_PAGE = "page[class~='o_opportunity_lazy_page']";

/** What is on a page of the form that is read when the page is opened. */
export class LazyPage extends Component {
    static template = xml`<t t-slot="default" />`;
    static props = { record: Object, page: String, slots: Object };

    setup() {
        const open = ({ record, page }) => record.model.openLazyPage?.(record, page);
        onWillStart(() => open(this.props));
        onWillUpdateProps((nextProps) => open(nextProps));
    }
}

/** Puts what is on such pages into a LazyPage. */
export class LazyPageCompiler extends FormCompiler {
    compileNotebook(el, params) {
        const pages = [...el.children].filter((child) => child.matches(LAZY_PAGE));
        const names = pages.map((page) => toStringExpression(page.getAttribute("name")));
        const notebook = super.compileNotebook(el, params);
        for (const slot of notebook.children) {
            const page = slot.getAttribute("name");
            if (names.includes(page)) {
                const lazy = createElement("LazyPage", { record: "__comp__.props.record", page });
                append(lazy, [...slot.childNodes]);
                append(slot, lazy);
            }
        }
        return notebook;
    }
}

/**
 * Return the fields that a form needs on one lazy page or several, and nowhere else.
 *
 * @returns {Record<string, string[]>} names of fields by the name of the page
 */
export function getLazyFields({ xmlDoc, fieldNodes, widgetNodes }, fields) {
    const rest = xmlDoc.cloneNode(true);
    rest.querySelectorAll(LAZY_PAGE).forEach((page) => page.replaceChildren());
    const needed = getFieldNames(rest, { fieldNodes, widgetNodes }, fields);
    const text = rest.outerHTML; // with the expressions, which may speak of any field
    const lazy = {};
    for (const page of xmlDoc.querySelectorAll(LAZY_PAGE)) {
        lazy[page.getAttribute("name")] = getFieldNames(page, { fieldNodes, widgetNodes }, fields).filter(
            (name) => !needed.includes(name) && !new RegExp(`\\b${name}\\b`).test(text)
        );
    }
    return lazy;
}

function getFieldNames(el, { fieldNodes, widgetNodes }, fields) {
    const part = {
        fieldNodes: pickNodes(el, "field_id", fieldNodes),
        widgetNodes: pickNodes(el, "widget_id", widgetNodes),
    };
    return Object.keys(extractFieldsFromArchInfo(part, { ...fields }).activeFields);
}

function pickNodes(el, attribute, nodes) {
    const ids = [...el.querySelectorAll(`[${attribute}]`)].map((node) => node.getAttribute(attribute));
    return Object.fromEntries(ids.filter((id) => id in nodes).map((id) => [id, nodes[id]]));
}
