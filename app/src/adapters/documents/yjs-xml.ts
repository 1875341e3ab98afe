// In the place of the types of XML in Yjs (tools/instead.ts), which no document of ours has: an update that names one is refused before Yjs reads it.

/** Never made. */
class NoXml {}
export { NoXml as YXmlElement, NoXml as YXmlEvent, NoXml as YXmlFragment, NoXml as YXmlHook, NoXml as YXmlText }

const refuse = (): never => {
  throw new TypeError('no document has XML')
}
export { refuse as readYXmlElement, refuse as readYXmlFragment, refuse as readYXmlHook, refuse as readYXmlText }
