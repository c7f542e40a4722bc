import { markRaw } from "@odoo/owl";
import { Mutex } from "@web/core/utils/concurrency";

export const GATE_ERROR = "odoo.addons.opportunity_crm.exceptions.GateError";

/**
 * @param {any} error
 * @returns {Object|undefined} what keeps opportunities from advancing, as data, when that is what the error tells
 */
export function getGateData(error) {
    return error?.exceptionName === GATE_ERROR ? error.data.context.opportunity_gate : undefined;
}

function makeCondition(unmet) {
    return {
        ...unmet,
        key: `${unmet.kind}-${unmet.condition_id || unmet.text}`,
        fields: unmet.fields || [],
        steps: (unmet.steps || []).map((step) => ({ ...step, state: "todo" })),
        isBlocking: unmet.is_blocking,
        isMet: false,
        firstText: unmet.text,
    };
}

function updateCondition(condition, unmet) {
    condition.isMet = !unmet;
    condition.text = unmet?.text || condition.firstText;
    const open = new Set((unmet?.steps || []).map((step) => step.id));
    for (const step of condition.steps) {
        step.state = open.has(step.id) ? "todo" : "done";
    }
}

/**
 * The gate before a stage: which conditions hold opportunities back, and which of them have been met since somebody
 * looked. Conditions that are met stay in the list, ticked off, so that nothing jumps while people work on it.
 */
export class Gate {
    /**
     * @param {Object} orm
     * @param {Object} data as the server tells it, see get_gate of crm.lead
     * @param {() => Promise<boolean>} [saveBehind] saves what is unsaved in the view behind, before anything else
     */
    constructor(orm, data, saveBehind = async () => true) {
        this.orm = orm;
        this.saveBehind = saveBehind;
        this.mutex = markRaw(new Mutex());
        this.records = markRaw(new Map()); // of the forms in the dialog, by the id of the opportunity
        this.leads = [];
        this.isTyping = false; // somebody is in one of the forms
        this.hasDraft = false; // and has typed something of which the server does not know
        this.hasChanged = false;
        this.leadIds = data.lead_ids;
        this.update(data);
    }

    get conditions() {
        return this.leads.flatMap((lead) => lead.conditions);
    }

    get unmet() {
        return this.conditions.filter((condition) => !condition.isMet);
    }

    get isBlocked() {
        return this.unmet.some((condition) => condition.isBlocking);
    }

    /** Take over what the server says now. */
    update(data) {
        Object.assign(this, {
            stageId: data.stage_id,
            stageName: data.stage_name,
            isWon: data.is_won,
            canOverride: data.can_override,
        });
        const found = new Map(data.leads.map((lead) => [lead.id, lead]));
        for (const lead of this.leads) {
            this.updateLead(lead, found.get(lead.id));
            found.delete(lead.id);
        }
        for (const lead of found.values()) {
            const { unmet, ...means } = lead;
            this.leads.push({ ...means, conditions: unmet.map(makeCondition) });
        }
    }

    updateLead(lead, { unmet = [], ...means } = {}) {
        Object.assign(lead, means);
        const found = new Map(unmet.map((data) => [makeCondition(data).key, data]));
        for (const condition of lead.conditions) {
            updateCondition(condition, found.get(condition.key));
            found.delete(condition.key);
        }
        lead.conditions.push(...[...found.values()].map(makeCondition));
    }

    /**
     * Do something that may meet a condition, then look again. One after the other, however fast people click.
     *
     * @param {() => Promise} action
     */
    resolve(action) {
        return this.run(async () => {
            this.hasChanged = true;
            await action();
            await this.refresh();
        });
    }

    /**
     * Move the opportunities on.
     *
     * @param {string} [reason] of a manager who overrides what is not met
     * @returns {Promise<Object|undefined>} what the server answers, undefined when they did not move
     */
    advance(reason) {
        return this.run(async () => {
            const isSaved = await this.saveForms();
            if (!reason) {
                await this.refresh();
            }
            if (isSaved && (reason || !this.isBlocked)) {
                return this.callAdvance(reason);
            }
        });
    }

    async callAdvance(reason) {
        try {
            return await this.orm.call("crm.lead", "action_advance", [this.leadIds, this.stageId, reason || null]);
        } catch (error) {
            const data = getGateData(error);
            if (!data) {
                throw error;
            }
            this.update(data);
        }
    }

    /** Head for another stage instead: from now on its conditions count. */
    retarget(stageId) {
        return this.run(async () => {
            this.leads = [];
            this.records.clear();
            this.stageId = stageId;
            await this.refresh();
        });
    }

    async refresh() {
        this.update(await this.orm.call("crm.lead", "get_gate", [this.leadIds, this.stageId]));
        this.hasDraft = this.isTyping && this.hasDraft;
    }

    /** Note that somebody types into a form. What they type while the server answers about something else counts. */
    noteTyping() {
        this.isTyping = true;
        this.hasDraft = true;
    }

    /** Save what is unsaved in the forms of the dialog; tell whether all of it is valid. */
    async saveForms() {
        for (const record of this.records.values()) {
            if (await record.isDirty()) {
                this.hasChanged = true;
                if (!(await record.save())) {
                    return false;
                }
            }
        }
        return true;
    }

    run(action) {
        return this.mutex.exec(async () => {
            if (await this.saveBehind()) {
                return action();
            }
        });
    }
}
