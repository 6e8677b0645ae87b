using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Admin;

/// <summary>A response of the admin API: the value, and the JSON document that it was read from.</summary>
internal sealed record AdminResponse<T>(T Value, string Document);

/// <summary>Calls the admin API of a running host. A refusal is a <see cref="RequestRefusedException"/>.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly Uri url;
    private readonly HttpClient http;

    public AdminClient(Uri url, string actor)
    {
        this.url = url;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        http = new HttpClient(handler) { BaseAddress = new Uri(url, "/admin/api/") };
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Actor", actor);
    }

    public Task<AdminResponse<PageBody<ProjectionReport>>> ProjectionsAsync(CancellationToken stop) =>
        GetAsync("projections", ProjectionsJson.Web.PageBodyProjectionReport, stop);

    public Task<AdminResponse<ProjectionReport>> ProjectionAsync(string name, CancellationToken stop) =>
        GetAsync(Path(name), ProjectionsJson.Web.ProjectionReport, stop);

    public Task<AdminResponse<Operation>> RebuildAsync(string name, RebuildBody body, CancellationToken stop) =>
        OperateAsync(HttpMethod.Post, $"{Path(name)}/rebuild", JsonContent.Create(body, ProjectionsJson.Web.RebuildBody), stop);

    /// <summary>Pauses, resumes, rolls back or verifies a projection.</summary>
    public Task<AdminResponse<Operation>> OperateAsync(string name, string verb, CancellationToken stop) =>
        OperateAsync(HttpMethod.Post, $"{Path(name)}/{verb}", null, stop);

    /// <summary>Promotes or cancels a generation.</summary>
    public Task<AdminResponse<Operation>> OperateAsync(string name, int generation, string verb, CancellationToken stop) =>
        OperateAsync(HttpMethod.Post, $"{Path(name, generation)}/{verb}", null, stop);

    public Task<AdminResponse<Operation>> DropAsync(string name, int generation, CancellationToken stop) =>
        OperateAsync(HttpMethod.Delete, Path(name, generation), null, stop);

    public Task<AdminResponse<Operation>> OperationAsync(Guid id, CancellationToken stop) =>
        GetAsync($"operations/{id}", ProjectionsJson.Web.Operation, stop);

    public Task<AdminResponse<Operation>> RequeueAsync(RequeueBody body, CancellationToken stop) =>
        OperateAsync(HttpMethod.Post, "dead-letters/requeue", JsonContent.Create(body, ProjectionsJson.Web.RequeueBody), stop);

    public Task<AdminResponse<Operation>> DiscardAsync(DiscardBody body, CancellationToken stop) =>
        OperateAsync(HttpMethod.Post, "dead-letters/discard", JsonContent.Create(body, ProjectionsJson.Web.DiscardBody), stop);

    public Task<AdminResponse<T>> GetAsync<T>(string path, JsonTypeInfo<T> json, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, path, null, json, stop);

    public void Dispose() => http.Dispose();

    /// <summary>No host listens at the address.</summary>
    public static HostUnavailableException Unavailable(Uri url) => new(
        $"No host answers at {url.GetLeftPart(UriPartial.Authority)}: start one with ./run, or say where it is with --url.");

    /// <summary>Something other than a host listens at the address.</summary>
    public static CommandFailedException NotAHost(Uri url) =>
        new($"{url} does not answer as a host does: say where the host is with --url.");

    private static string Path(string name) => $"projections/{Uri.EscapeDataString(name)}";

    private static string Path(string name, int generation) => FormattableString.Invariant($"{Path(name)}/generations/{generation}");

    private Task<AdminResponse<Operation>> OperateAsync(HttpMethod method, string path, HttpContent? body, CancellationToken stop) =>
        SendAsync(method, path, body, ProjectionsJson.Web.Operation, stop);

    private async Task<AdminResponse<T>> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> json, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            using var response = await http.SendAsync(request, stop);
            var document = await response.Content.ReadAsStringAsync(stop);
            if (response.IsSuccessStatusCode && JsonSerializer.Deserialize(document, json) is { } value)
                return new AdminResponse<T>(value, document);
            throw Refusal(response, document);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw Unavailable(url);
        }
        catch (JsonException)
        {
            throw NotAHost(url);
        }
    }

    private RequestRefusedException Refusal(HttpResponseMessage response, string document)
    {
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        if (!isProblem || JsonSerializer.Deserialize(document, ProblemBodyJson.Default.ProblemBody) is not { } problem)
        {
            return new RequestRefusedException(
                $"{url} answered {(int)response.StatusCode}, not as a host does: say where the host is with --url.", null);
        }

        return response.StatusCode == HttpStatusCode.ServiceUnavailable
            ? new HostUnavailableException(problem.Line(), document)
            : new RequestRefusedException(problem.Line(), document);
    }
}

/// <summary>The part of a problem document that verbs show.</summary>
internal sealed record ProblemBody(string? Detail, Dictionary<string, string[]>? Errors)
{
    /// <summary>The detail, then the errors of single fields.</summary>
    public string Line() =>
        string.Join(' ', (Errors ?? []).Select(field => $"{field.Key}: {string.Join(' ', field.Value)}").Prepend(Detail ?? "Refused."));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemBodyJson : JsonSerializerContext;
