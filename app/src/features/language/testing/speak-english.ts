// Tests of the app begin in English, as a page does once its words are here.

import { showWords } from '../catalogue.ts'
// oxlint-disable-next-line no-restricted-imports -- It is the same feature.
import * as english from '../en/later.ts'

showWords(english)
