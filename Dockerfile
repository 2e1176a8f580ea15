# Two stages: build with all tools, run with the production dependencies only, as a user without a name.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="electrumx-exporter" \
      org.opencontainers.image.description="Prometheus exporter for ElectrumX" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# So that `docker exec CONTAINER electrumx-rpc getinfo` finds the command.
RUN ln -s /app/dist/main.js /usr/local/bin/electrumx-exporter \
    && ln -s /app/dist/cli/main.js /usr/local/bin/electrumx-rpc
USER 65532:65532
EXPOSE 10061
# Never touches ElectrumX: a server that is down must not get its exporter restarted. It reads the same environment as the exporter, so
# set the listen address and the web config file there, and not by arguments, if they are not the defaults.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["node", "dist/main.js", "--healthcheck"]
ENTRYPOINT ["node", "dist/main.js"]
