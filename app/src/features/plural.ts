// A text in each form that a language has for numbers, by the names of Intl.PluralRules.

/** As English has it. What is shown may have more forms, or only one. */
export type Plural = { readonly one: string; readonly other: string }

export type Forms = { readonly other: string } & { readonly [Category in Intl.LDMLPluralRule]?: string }
