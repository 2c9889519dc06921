import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: true },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-restricted-properties": ["error",
        { property: "innerHTML", message: "Verse is text: build nodes with make()." },
        { property: "outerHTML", message: "Verse is text: build nodes with make()." },
        { property: "insertAdjacentHTML", message: "Verse is text: build nodes with make()." }],
      "no-eval": "error", "no-implied-eval": "error", "no-var": "error", "prefer-const": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
];
