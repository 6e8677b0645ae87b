# The host, compiled ahead for the machine that the image is for. Both images are of the versions that the tests run with.
FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
ARG TARGETARCH=amd64
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src src
RUN dotnet publish src/Host -c Release -a $TARGETARCH --self-contained false -p:PublishReadyToRun=true -o /app \
    && mkdir /data

# No shell, no package manager, and a user that is not root.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=1654:1654 /data /data
ENV Urls=http://+:5080 \
    Stores__Folder=/data/stores \
    ASPNETCORE_HTTP_PORTS=
USER 1654
VOLUME /data
EXPOSE 5080
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "Monolith.Host.dll", "health", "--url", "http://127.0.0.1:5080"]
ENTRYPOINT ["dotnet", "Monolith.Host.dll"]
