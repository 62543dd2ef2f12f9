/** Cookies know no ports: without it in the name two runners on one machine would throw each other's readers out. */
export function sessionCookieName(port: number): string {
  return `tejun_${port}`;
}

/** The value of a Set-Cookie header; the cookie ends with the browser's session. */
export function sessionCookie(port: number, session: string): string {
  return `${sessionCookieName(port)}=${session}; HttpOnly; SameSite=Strict; Path=/`;
}

/** All values that a Cookie header has for the session: a server on another port may have put one of its own first. */
export function sessionsIn(cookieHeader: string | undefined, port: number): readonly string[] {
  const prefix = `${sessionCookieName(port)}=`;
  return (cookieHeader ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(prefix))
    .slice(0, 8)
    .map((cookie) => cookie.slice(prefix.length));
}
