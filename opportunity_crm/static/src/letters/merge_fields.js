import { rightPos } from "@html_editor/utils/position";

const FIELD = /\{\{([^{}]*)\}\}/;
const CHIP = "o_letter_field";

/** What the merge fields are called, by their name in a text: `{"contact.name": "Contact Name"}`. */
export async function loadMergeFields(orm) {
    const groups = await orm.call("opportunity.letter.field", "get_groups", []);
    const fields = groups.flatMap((group) => group.fields);
    return { groups, labels: Object.fromEntries(fields.map(({ key, label }) => [key, label])) };
}

/** A merge field as people read it. What is not on the list is shown as it was written, and marked. */
export function makeChip(doc, key, labels) {
    const chip = doc.createElement("span");
    chip.className = key in labels ? CHIP : `${CHIP} o_letter_field_unknown`;
    chip.dataset.key = key;
    chip.title = `{{${key}}}`;
    chip.textContent = labels[key] || chip.title;
    return chip;
}

/** Show the merge fields of a text as chips. Returns where the cursor belongs, if it was in the text of one. */
export function showChips(root, labels, onChip = () => {}) {
    const doc = root.ownerDocument;
    const anchor = doc.getSelection()?.anchorNode;
    let position = null;
    for (const node of findTexts(root)) {
        for (let text = node, match; (match = FIELD.exec(text.data));) {
            const field = text.splitText(match.index);
            text = field.splitText(match[0].length);
            const chip = makeChip(doc, match[1].replace(/\s/g, " ").trim(), labels);
            field.replaceWith(chip);
            onChip(chip);
            position = node === anchor ? rightPos(chip) : position;
        }
    }
    return position;
}

/** Write the chips as the text that is stored. */
export function hideChips(root) {
    for (const chip of root.querySelectorAll(`.${CHIP}`)) {
        chip.replaceWith(`{{${chip.dataset.key}}}`);
    }
    root.normalize();
}

function findTexts(root) {
    const texts = [];
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (FIELD.test(node.data) && !node.parentElement?.closest(`.${CHIP}`)) {
            texts.push(node);
        }
    }
    return texts;
}
