using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;

namespace Monolith.BuildingBlocks.Web.Access;

/// <summary>
/// Refuses requests that a web page of another site sends from a user's browser, on every path: by <c>Host</c> if the name of the site was
/// made to resolve to this host, otherwise by <c>Origin</c>. Until there is sign-in, the admin API only accepts requests whose client
/// address, <c>Host</c> and <c>Origin</c> are local, whatever is configured.
/// </summary>
internal sealed class RequestOriginMiddleware(RequestDelegate next, AllowedHosts hosts)
{
    // Paths below it are local even if no route exists there.
    private const string AdminPath = "/admin";

    public static Error HostNotAllowed { get; } = new(
        ErrorKind.Forbidden,
        "host-not-allowed",
        "Host not allowed",
        "The header Host names a host that is not configured: call a loopback address, or add the name to the setting AllowedHosts.")
    {
        Fields = Field(HeaderNames.Host, "Must be localhost, a loopback address, or one of AllowedHosts."),
    };

    public static Error OriginNotAllowed { get; } = new(
        ErrorKind.Forbidden,
        "origin-not-allowed",
        "Origin not allowed",
        "The header Origin names a web page of another site: call from a page of this host, or without that header.")
    {
        Fields = Field(HeaderNames.Origin, "Must be given once, with localhost, a loopback address, or one of AllowedHosts as its host."),
    };

    public static Error RemoteClient { get; } = NotLocal("This request came from another address: call it on the machine itself.");

    private static readonly Error RemoteHost =
        NotLocal("The header Host names another machine: call it as localhost, 127.0.0.1 or [::1].", HeaderNames.Host);

    private static readonly Error RemoteOrigin = NotLocal(
        "The header Origin names a page of another machine: call it from a page of this host, or without that header.", HeaderNames.Origin);

    public Task InvokeAsync(HttpContext context)
    {
        var isAdmin = context.Request.Path.StartsWithSegments(AdminPath, StringComparison.OrdinalIgnoreCase)
            || context.GetEndpoint()?.Metadata.GetMetadata<LocalOnly>() is not null;
        return (isAdmin ? ErrorOfAdmin(context) : ErrorOf(context.Request)) is { } error ? context.WriteProblemAsync(error) : next(context);
    }

    private Error? ErrorOf(HttpRequest request)
    {
        if (!hosts.IsAllowed(HostOf(request)))
            return HostNotAllowed;
        var origins = request.Headers.Origin;
        return origins.Count == 0 || (origins.Count == 1 && hosts.IsAllowedOrigin(origins[0])) ? null : OriginNotAllowed;
    }

    private static Error? ErrorOfAdmin(HttpContext context)
    {
        if (!AllowedHosts.IsLoopback(context.Connection.RemoteIpAddress))
            return RemoteClient;
        if (!AllowedHosts.IsLoopback(HostOf(context.Request)))
            return RemoteHost;
        var origins = context.Request.Headers.Origin;
        return origins.Count == 0 || (origins.Count == 1 && AllowedHosts.IsLoopbackOrigin(origins[0])) ? null : RemoteOrigin;
    }

    // HttpRequest.Host would decode Punycode, which the setting keeps.
    private static HostString HostOf(HttpRequest request) => new(request.Headers.Host.ToString());

    private static Error NotLocal(string reason, string? header = null) => new(
        ErrorKind.Forbidden, "not-local", "Only from this machine", $"The admin API accepts requests from this machine only. {reason}")
    {
        Fields = header is null ? null : Field(header, "Must be localhost or a loopback address."),
    };

    private static Dictionary<string, string[]> Field(string header, string message) => new() { [header] = [message] };
}

/// <summary>Marks a route that only this machine can call, whatever its path is.</summary>
internal sealed class LocalOnly
{
    private LocalOnly()
    {
    }

    public static LocalOnly Mark { get; } = new();
}
