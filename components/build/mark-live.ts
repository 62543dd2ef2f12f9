import { defineMiddleware } from 'astro:middleware';

/** Marks a page as served beside a runner, which loads the client. */
export const onRequest = defineMiddleware(async (_, next) => {
  const response = await next();
  if (!response.headers.get('content-type')?.startsWith('text/html')) return response;
  const html = await response.text();
  return new Response(html.replace('<html', '<html data-runner'), response);
});
