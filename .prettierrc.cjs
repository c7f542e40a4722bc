// `make lint` sets NODE_PATH to its own node_modules; an editor finds those of `npm ci` in the repository.
module.exports = {
    plugins: [require.resolve("@prettier/plugin-xml")],
    trailingComma: "es5",
    printWidth: 120,
    tabWidth: 4,
    xmlWhitespaceSensitivity: "preserve",
    xmlQuoteAttributes: "double",
    overrides: [{ files: ["*.json", "*.yaml", "*.yml"], options: { tabWidth: 2 } }],
};
