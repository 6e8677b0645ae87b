using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.Host.Cli.Admin;

/// <summary>The admin API of a running host. A refusal is a <see cref="RefusedException"/> with what the host said.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly Uri url;
    private readonly HttpClient http;

    public AdminClient(Uri url, string actor)
    {
        this.url = url;
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        http = new HttpClient(handler) { BaseAddress = new Uri(url, "/admin/api/") };
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Actor", actor);
    }

    public Task<AdminResponse<PageBody<ProjectionReport>>> ProjectionsAsync(CancellationToken stop) => GetAsync("projections", ProjectionsJson.Web.PageBodyProjectionReport, stop);

    public Task<AdminResponse<ProjectionReport>> ProjectionAsync(string name, CancellationToken stop) => GetAsync(Path(name), ProjectionsJson.Web.ProjectionReport, stop);

    public Task<AdminResponse<Operation>> RebuildAsync(string name, RebuildBody body, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"{Path(name)}/rebuild", JsonContent.Create(body, ProjectionsJson.Web.RebuildBody), ProjectionsJson.Web.Operation, stop);

    /// <summary>Pause, resume, rollback or verify.</summary>
    public Task<AdminResponse<Operation>> AskAsync(string name, string verb, CancellationToken stop) => SendAsync(HttpMethod.Post, $"{Path(name)}/{verb}", null, ProjectionsJson.Web.Operation, stop);

    /// <summary>Promote or cancel.</summary>
    public Task<AdminResponse<Operation>> AskAsync(string name, int generation, string verb, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"{Path(name, generation)}/{verb}", null, ProjectionsJson.Web.Operation, stop);

    public Task<AdminResponse<Operation>> DropAsync(string name, int generation, CancellationToken stop) => SendAsync(HttpMethod.Delete, Path(name, generation), null, ProjectionsJson.Web.Operation, stop);

    public Task<AdminResponse<Operation>> OperationAsync(Guid id, CancellationToken stop) => GetAsync($"operations/{id}", ProjectionsJson.Web.Operation, stop);

    /// <summary>Anything that is only read.</summary>
    public Task<AdminResponse<T>> GetAsync<T>(string path, JsonTypeInfo<T> json, CancellationToken stop) => SendAsync(HttpMethod.Get, path, null, json, stop);

    public Task<AdminResponse<Operation>> RequeueAsync(RequeueBody body, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, "dead-letters/requeue", JsonContent.Create(body, ProjectionsJson.Web.RequeueBody), ProjectionsJson.Web.Operation, stop);

    public Task<AdminResponse<Operation>> DiscardAsync(DiscardBody body, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, "dead-letters/discard", JsonContent.Create(body, ProjectionsJson.Web.DiscardBody), ProjectionsJson.Web.Operation, stop);

    public void Dispose() => http.Dispose();

    private static string Path(string name) => $"projections/{Uri.EscapeDataString(name)}";

    private static string Path(string name, int generation) => FormattableString.Invariant($"{Path(name)}/generations/{generation}");

    private RefusedException Refusal(HttpResponseMessage response, string document)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json" || JsonSerializer.Deserialize(document, ProblemBodyJson.Default.ProblemBody) is not { } problem)
            return new RefusedException($"{url} answered {(int)response.StatusCode}, not as a host does: say where the host is with --url.", null);
        return response.StatusCode == HttpStatusCode.ServiceUnavailable ? new HostAwayException(problem.Line(), document) : new RefusedException(problem.Line(), document);
    }

    private async Task<AdminResponse<T>> SendAsync<T>(HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> json, CancellationToken stop)
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
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new HostAwayException($"No host answers at {url.GetLeftPart(UriPartial.Authority)}: start one with ./run, or say where it is with --url.");
        }
        catch (JsonException)
        {
            throw new CommandFailedException($"{url} does not answer as a host does: say where the host is with --url.");
        }
    }
}
