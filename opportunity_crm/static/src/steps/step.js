import { markup } from "@odoo/owl";
import { deserializeDate, toLocaleDateTimeString } from "@web/core/l10n/dates";

/**
 * A step as it is shown, wherever it comes from.
 *
 * @typedef {Object} Step
 * @property {number} id
 * @property {string} name
 * @property {any} note instructions: HTML that the server has sanitized, marked as such
 * @property {"todo"|"done"|"skipped"} state
 * @property {boolean} isRequired
 * @property {boolean} isSkippable
 * @property {boolean} isPlanned
 * @property {boolean} isWaiting for the step before it
 * @property {any} date luxon's, when it is due
 * @property {number} userId
 * @property {string} userName who does it, or who has done it
 * @property {string} dateDone
 * @property {string} skipReason
 */

/**
 * @param {Object} summary of a step, as the server tells it in a gate
 * @returns {Step}
 */
export function stepFromSummary(summary) {
    // eslint-disable-next-line no-restricted-syntax -- an Html field of the server, which has sanitized it
    const note = markup(summary.note);
    return {
        ...summary,
        note,
        isRequired: summary.required,
        isSkippable: summary.is_skippable,
        isPlanned: Boolean(summary.date),
        isWaiting: summary.is_waiting,
        date: summary.date ? deserializeDate(summary.date) : null,
        userId: summary.user_id,
        userName: summary.user,
        dateDone: "",
        skipReason: "",
    };
}

/**
 * @param {Object} record of the model opportunity.step
 * @returns {Step}
 */
export function stepFromRecord({ resId, data }) {
    return {
        id: resId,
        name: data.name,
        note: data.note,
        state: data.state,
        isRequired: data.required,
        isSkippable: data.is_skippable,
        isPlanned: Boolean(data.activity_id),
        isWaiting: data.is_waiting,
        date: data.date_deadline,
        userId: data.user_id.id,
        userName: data.user_id.display_name,
        dateDone: toLocaleDateTimeString(data.date_done),
        skipReason: data.skip_reason,
    };
}
