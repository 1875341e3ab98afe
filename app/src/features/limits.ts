// Bounds of what is shown and typed, each with its unit. Bounds of what devices accept from each other are in @kith/protocol.

// Names
export const NAME_SHOWN_GRAPHEMES_MAX = 64
/** The protocol's bound for a name, in bytes of UTF-8; a test holds the two together. */
export const NAME_BYTES_SHOWN_MAX = 128
/** What somebody says about themselves, in letters, and their picture, in bytes: as the protocol bounds them. */
export const ABOUT_SHOWN_LETTERS_MAX = 140
export const PICTURE_SENT_BYTES_MAX = 3_488
/** A file that somebody chooses as their picture, in bytes and in pixels: unpacked it takes four times as many bytes. */
export const PICTURE_READ_BYTES_MAX = 30 * 1_048_576
export const PICTURE_PIXELS_MAX = 64_000_000
/** Faces that a page keeps, and asks for at once. */
export const FACES_KEPT_MAX = 512
export const FACES_READ_AT_ONCE = 64
/** Combining marks in a row that a shown name keeps, as many as the protocol lets a text have: Burmese, Tibetan and Hebrew need more than two. */
export const MARKS_KEPT = 8

// Texts, in UTF-16 units unless it says otherwise
/** Longer than any message may be; beyond this a draft is kept in the field only. */
export const DRAFT_LENGTH_MAX = 60_000
export const PREVIEW_LENGTH_MAX = 200
export const LINKS_PER_MESSAGE_MAX = 50
export const LINK_LENGTH_MAX = 2_048
/** Letters of the name of a host, as the network bounds them. */
export const HOST_LENGTH_MAX = 253
/** Letters of a message that are looked at where it is one line. */
export const LINE_LENGTH_MAX = 2_000
/** Doubtful addresses of a message that are named below it; all of them are marked. */
export const DOUBTFUL_HOSTS_SHOWN_MAX = 3
/** Marks, emphases, quotes and list items of a message; one with more is shown as it was written. A page of real markup has some 100. */
export const MARKUP_PARTS_MAX = 400
/** Emoji of a text that is set large, and how long it may be to be looked at for that. */
export const EMOJI_MAX = 3
export const EMOJI_LENGTH_MAX = 64
/** What is looked through for an invite link. */
export const PASTED_LENGTH_MAX = 65_536

/** Members of a group that one line names. */
export const MEMBERS_NAMED_MAX = 12
/** People that are shown to choose from; a search finds the others. */
export const CONTACTS_SHOWN_MAX = 100

/** Messages that are chosen at once, and chats that they are sent on to: as many as the engine sends on; a test holds them together. */
export const MESSAGES_CHOSEN_MAX = 100
export const CHATS_CHOSEN_MAX = 20

/** Members that are offered to somebody who types an @, and letters of a name that are looked at for that, UTF-16 units. */
export const MENTIONS_OFFERED_MAX = 8
export const MENTION_LENGTH_MAX = 64

/** Messages that a chat shows first, and at most at one time. */
export const FIRST_MESSAGES = 60
export const MESSAGES_SHOWN_MAX = 160

/** Letters of a message that a toast shows, UTF-16 units. */
export const TOAST_LENGTH_MAX = 80
/** New messages of a group that are looked through for what is meant for this person. */
export const MEANT_LOOKED_AT_MAX = 100
/** Chats that a notification each is shown of when a push comes. */
export const PUSH_CHATS_SHOWN_MAX = 3
/** For the service worker to be there, ms. */
export const PUSH_READY_MS_MAX = 5_000
/** For a page of Kith to tell the service worker what is new, ms: one that sleeps never does. */
export const PUSH_PAGE_MS_MAX = 2_000
/** What another app shares at once: letters (UTF-16 units), files and bytes. */
export const SHARED_TEXT_LENGTH_MAX = 60_000
export const SHARED_FILES_MAX = 10
export const SHARED_BYTES_MAX = 2 ** 31
/** What of a posted form is neither text nor file, bytes. */
const SHARED_FORM_BYTES = 65_536
/** A form with all that is taken: what stands between its parts, and texts in letters of up to three bytes, come on top. */
export const POSTED_BYTES_MAX = SHARED_BYTES_MAX + 3 * SHARED_TEXT_LENGTH_MAX + SHARED_FORM_BYTES
/** For how long the service worker keeps it for a page, ms, and of how many shares. */
export const SHARE_MS_MAX = 5 * 60_000
export const SHARES_KEPT_MAX = 3
/** For the service worker to hand it to the page, ms. */
export const SHARE_GIVEN_MS_MAX = 5_000
/** Toasts on the screen at once. */
export const NOTICES_MAX = 3

/** Starred messages that are read at once. */
export const STARS_AT_ONCE = 50
/** Chats that are shown at first of those whose files take room, and with each tap more. */
export const STORAGE_CHATS_AT_ONCE = 20
/** Emoji that a search shows. */
export const EMOJI_FOUND_MAX = 120
/** Words of a search for emoji that are looked at. */
export const EMOJI_WORDS_MAX = 8
/** Pinned messages of a chat that its bar goes through. */
export const PINS_SHOWN_MAX = 50
/** Places of a message that was found that are marked in it. */
export const FOUND_MARKS_MAX = 64
/** Letters of a file’s name that are shown. */
export const FILE_NAME_LENGTH_MAX = 255
/** What can wait for a chat to be drawn waits no longer than this, ms: there may be none by now, or one without a box to write in. */
export const DRAWN_WAIT_MS = 1_000
/** So many chats of the list are on the page before it is known how many are seen, and at least. */
export const ROWS_AT_FIRST = 40
/** So many above those that are seen are on the page too, and so many below. */
export const ROWS_AHEAD = 10
