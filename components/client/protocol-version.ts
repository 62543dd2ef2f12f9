/** `protocolVersion` of the messages, which the page cannot import with the checks that go with it: those stay in the runner. */
export const pageProtocolVersion = 1;
