export { openLocalSession, type SessionOptions } from './local-session.ts';
