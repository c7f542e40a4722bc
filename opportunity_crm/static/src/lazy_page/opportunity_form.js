import "@crm/views/crm_form/crm_form";
import { registry } from "@web/core/registry";
import { omit, pick } from "@web/core/utils/objects";
import { getBasicEvalContext } from "@web/model/relational_model/utils";
import { getLazyFields, LazyPage, LazyPageCompiler } from "./lazy_page";

const crmForm = registry.category("views").get("crm_form");

class OpportunityFormRecord extends crmForm.Model.Record {
    /** Keep what a page has read meanwhile, when the first answer turns out to be older than the server's. */
    _setData(data, ...args) {
        const read = this.fieldNames.filter((name) => !(name in data) && name in (this._values || {}));
        const values = pick(this._values || {}, ...read);
        super._setData(data, ...args);
        if (read.length) {
            Object.assign(this._values, values);
            this.data = { ...this._values, ...this._changes };
            this._setEvalContext();
        }
    }
}

/** Reads the fields of a lazy page when the page is opened; of a new opportunity there is nothing to read. */
class OpportunityFormModel extends crmForm.Model {
    static Record = OpportunityFormRecord;

    setup(params) {
        super.setup(...arguments);
        this.lazyFields = params.lazyFields;
    }

    _getNextConfig() {
        const config = super._getNextConfig(...arguments);
        if (!this.postponed) {
            const names = Object.values(this.lazyFields).flat();
            this.postponed = pick(config.activeFields, ...names);
            config.activeFields = omit(config.activeFields, ...names);
        }
        if (!config.resId) {
            config.activeFields = { ...config.activeFields, ...this.postponed };
        }
        return config;
    }

    openLazyPage(record, page) {
        const closed = () => (this.lazyFields[page] || []).filter((name) => !(name in record.activeFields));
        return closed().length && this.mutex.exec(() => this._readLazily(record, closed()));
    }

    async _readLazily(record, names) {
        const activeFields = pick(this.postponed, ...names);
        if (names.length && record.resId) {
            const config = { ...record.config, activeFields };
            const [values] = await this._loadRecords(config, getBasicEvalContext(config));
            const extended = { activeFields: { ...record.activeFields, ...activeFields } };
            this._updateConfig(record.config, extended, { reload: false });
            record._applyValues(values);
        }
    }
}

class OpportunityFormController extends crmForm.Controller {
    get modelParams() {
        return { ...super.modelParams, lazyFields: getLazyFields(this.archInfo, this.props.fields) };
    }
}

class OpportunityFormRenderer extends crmForm.Renderer {
    static components = { ...crmForm.Renderer.components, LazyPage };
}

registry.category("views").add("opportunity_form", {
    ...crmForm,
    Compiler: LazyPageCompiler,
    Controller: OpportunityFormController,
    Model: OpportunityFormModel,
    Renderer: OpportunityFormRenderer,
});
