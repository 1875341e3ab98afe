// Tests of the app begin in English, as a page does once its words are here.

import { showWords } from '../language/catalogue.ts'
import * as english from '../language/en/later.ts'

showWords(english)
