// Odoo serves every file of static/ as an ES module. `make lint` sets NODE_PATH to its own node_modules.
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    { ignores: ["**/static/lib/", "**/node_modules/"] },
    js.configs.recommended,
    {
        files: ["**/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
    },
    {
        files: ["*.cjs"],
        languageOptions: { sourceType: "commonjs", globals: globals.node },
    },
    {
        linterOptions: { reportUnusedDisableDirectives: "error" },
        rules: {
            "array-callback-return": "error",
            curly: "error",
            eqeqeq: "error",
            "no-alert": "error",
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-else-return": "error",
            "no-eval": "error",
            "no-implicit-globals": "error",
            "no-restricted-syntax": [
                "error",
                {
                    selector: "CallExpression[callee.name='markup'][arguments.0.type!='Literal']",
                    message: "markup() switches escaping off: only for literals.",
                },
            ],
            "no-shadow": "error",
            "no-throw-literal": "error",
            "no-unused-expressions": "error",
            "no-use-before-define": ["error", { functions: false }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
        },
    },
];
