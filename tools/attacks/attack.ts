// What one line of the list of attacks says: what somebody tries, and which tests show that it leads nowhere.

/** A test by its file and its title, as it is written there, with the titles of groups around it as far as it takes to tell it from others. */
export type Proof = readonly [file: string, title: string]

export type Attack = {
  readonly attack: string
  readonly tests: readonly Proof[]
  /** Why no test can show it: what would be attacked is not there. */
  readonly absent?: string
}

export type Area = { readonly name: string; readonly attacks: readonly Attack[] }

export const isWalk = ([file]: Proof): boolean => file.endsWith('.e2e.ts')
