import { registry } from "@web/core/registry";

function transferOf(files) {
    const transfer = new DataTransfer();
    for (const [name, content] of files) {
        transfer.items.add(new File([content], name, { type: "text/plain" }));
    }
    return transfer;
}

/** Give files to an input, as people do with the dialog of the browser. */
function choose(...files) {
    return ({ anchor }) => {
        anchor.files = transferOf(files).files;
        anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

/** Drag files over the page, or drop them. */
function drag(type, ...files) {
    return ({ anchor }) =>
        anchor.dispatchEvent(new DragEvent(type, { bubbles: true, dataTransfer: transferOf(files) }));
}

const row = (name) => `.o_opportunity_document[data-name="${name}"]`;

/** A rep uploads two documents, says what one is, replaces it and finds it again, by what is written in it. */
registry.category("web_tour.tours").add("opportunity_crm_file_box", {
    steps: () => [
        { trigger: '.nav-link:contains("File Box")', run: "click" },
        { trigger: '.o_opportunity_file_box_empty:contains("Contracts, estimates, questionnaires")' },
        {
            content: "Upload two files",
            trigger: ".o_opportunity_file_box_input:not(:visible)",
            run: choose(["draft.txt", "first draft"], ["site plan.txt", "ground floor"]),
        },
        { trigger: row("site plan.txt") },
        {
            content: "Drop another one",
            trigger: ".o_opportunity_file_box",
            run: drag("dragenter", ["note.txt", "call them"]),
        },
        { trigger: ".o_opportunity_file_box_dropzone", run: drag("drop", ["note.txt", "call them"]) },
        { trigger: row("note.txt") },
        {
            content: "Delete it",
            trigger: `${row("note.txt")} button[aria-label=Delete]`,
            run: "click",
        },
        { trigger: '.modal:contains("note.txt") footer .btn-danger', run: "click" },
        { trigger: `.o_opportunity_file_box:not(:has(${row("note.txt")}))` },
        {
            content: "Rename one",
            trigger: `${row("draft.txt")} .o_opportunity_document_rename`,
            run: "click",
        },
        {
            trigger: ".o_opportunity_document input[aria-label=Name]",
            run: "edit contract, first draft.txt && press Enter",
        },
        {
            content: "Categorise it",
            trigger: `${row("contract, first draft.txt")} .o_opportunity_document_category button`,
            run: "click",
        },
        { trigger: '.o-dropdown-item:contains("Tour Contract")', run: "click" },
        {
            trigger: `${row(
                "contract, first draft.txt"
            )} .o_opportunity_document_category button:contains("Tour Contract")`,
        },
        {
            content: "Tag it",
            trigger: `${row("contract, first draft.txt")} .o_opportunity_document_tags button`,
            run: "click",
        },
        { trigger: "input[aria-label='New tag']", run: "edit Tour Tag && press Enter" },
        { trigger: `${row("contract, first draft.txt")} .o_opportunity_document_tags:contains("Tour Tag")` },
        { trigger: ".o_opportunity_file_box_search", run: "click" },
        {
            content: "Replace it by the signed one",
            trigger: `${row("contract, first draft.txt")} .o_opportunity_document_replace:not(:visible)`,
            run: choose(["signed contract.txt", "a warranty of ten years"]),
        },
        {
            content: "Look at the former version",
            trigger: `${row("signed contract.txt")} .o_opportunity_document_versions:contains("2")`,
            run: "click",
        },
        { trigger: '.o_opportunity_document_version:contains("contract, first draft.txt")' },
        {
            content: "Find it by its content",
            trigger: ".o_opportunity_file_box_search",
            run: "edit warranty",
        },
        { trigger: `.o_opportunity_file_box:not(:has(${row("site plan.txt")})) ${row("signed contract.txt")}` },
        { trigger: ".o_opportunity_file_box_search", run: "edit no such word" },
        { trigger: '.o_opportunity_file_box_empty:contains("No such document")' },
        { trigger: ".o_opportunity_file_box_search", run: "clear" },
        { trigger: row("site plan.txt") },
        {
            content: "Preview it",
            trigger: `${row("signed contract.txt")} .o_opportunity_document_open`,
            run: "click",
        },
        { trigger: ".o-FileViewer iframe, .o-FileViewer-view" },
        { trigger: '.o-FileViewer [aria-label="Close"]', run: "click" },
        { trigger: ".o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))" },
    ],
});
