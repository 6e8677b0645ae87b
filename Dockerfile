# The host, and the command line as target cli. Both are compiled ahead of time for the machine that the image is for.
# The base images are of the versions that the tests run with.
FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS source
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src src

FROM source AS build-cli
ARG TARGETARCH=amd64
RUN dotnet publish src/Cli -c Release -a $TARGETARCH --self-contained false -p:PublishReadyToRun=true -o /app

FROM source AS build-host
ARG TARGETARCH=amd64
RUN dotnet publish src/Host -c Release -a $TARGETARCH --self-contained false -p:PublishReadyToRun=true -o /app \
    && mkdir /data

# No shell, no package manager, and a user that is not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled AS cli
WORKDIR /app
COPY --from=build-cli /app .
USER 1654
ENTRYPOINT ["dotnet", "monolith.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled AS host
WORKDIR /app
COPY --from=build-host /app .
COPY --from=build-host --chown=1654:1654 /data /data
ENV Urls=http://+:5080 \
    Stores__Folder=/data/stores \
    ASPNETCORE_HTTP_PORTS=
USER 1654
VOLUME /data
EXPOSE 5080
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "Monolith.Host.dll", "health", "--url", "http://127.0.0.1:5080"]
ENTRYPOINT ["dotnet", "Monolith.Host.dll"]
