using System.Globalization;
using System.Text.Json;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

/// <summary>Operates projections over the admin API of a host.</summary>
internal sealed class Operator(Uri host)
{
    private const string Name = "operator of the tests";

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    public Task<AdminOperation> RebuildAsync(string projection, string body = "{}") =>
        SubmitAsync(HttpMethod.Post, $"projections/{projection}/rebuild", body);

    /// <summary>
    /// Repeats the rebuild request while the store is unavailable: a frozen host may lock the registry until the server ends its
    /// transaction.
    /// </summary>
    public async Task<AdminOperation> RebuildWithFrozenHostAsync(string projection)
    {
        AdminOperation? operation = null;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            operation = await RebuildAsync(projection);
            return null;
        });
        return operation!;
    }

    public Task<AdminOperation> PromoteAsync(string projection, int generation) =>
        SubmitAsync(HttpMethod.Post, Route(projection, generation, "/promote"));

    public Task<AdminOperation> CancelAsync(string projection, int generation) =>
        SubmitAsync(HttpMethod.Post, Route(projection, generation, "/cancel"));

    public Task<AdminOperation> DropAsync(string projection, int generation) =>
        SubmitAsync(HttpMethod.Delete, Route(projection, generation, ""));

    public Task<AdminOperation> RollbackAsync(string projection) => SubmitAsync(HttpMethod.Post, $"projections/{projection}/rollback");

    public Task<AdminOperation> VerifyAsync(string projection) => SubmitAsync(HttpMethod.Post, $"projections/{projection}/verify");

    public Task<AdminOperation> RequeueAsync(string projection, string key) =>
        SubmitAsync(HttpMethod.Post, "dead-letters/requeue", JsonSerializer.Serialize(new { projection, key }));

    public Task<AdminOperation> DiscardAsync(string projection, string key, string reason) =>
        SubmitAsync(HttpMethod.Post, "dead-letters/discard", JsonSerializer.Serialize(new { projection, key, reason }));

    /// <summary>Waits until the operation has ended.</summary>
    public async Task<AdminOperation> EndAsync(AdminOperation operation)
    {
        var last = operation;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            last = Read<AdminOperation>(await SendAsync(HttpMethod.Get, $"operations/{operation.Id}"), 200);
            return last.State == "running" ? $"{last} still runs: {await ReportAsync(operation.Projection)}" : null;
        });
        return last;
    }

    /// <summary>Waits until the operation has ended, and expects success.</summary>
    public async Task<AdminOperation> DoneAsync(Task<AdminOperation> operation)
    {
        var ended = await EndAsync(await operation);
        ended.State.ShouldBe("done", ended.ToString());
        return ended;
    }

    public async Task<Report> ReportAsync(string projection) =>
        Read<Report>(await SendAsync(HttpMethod.Get, $"projections/{projection}"), 200);

    /// <summary>Sends a request; the route is relative to the admin API.</summary>
    public Task<JsonAnswer> SendAsync(HttpMethod method, string route, string? body = null) =>
        Client.SendJson(method, new Uri(host, $"admin/api/{route}").AbsoluteUri, body, "X-Actor", Name);

    private async Task<AdminOperation> SubmitAsync(HttpMethod method, string route, string? body = null) =>
        Read<AdminOperation>(await SendAsync(method, route, body), 202);

    private static T Read<T>(JsonAnswer answer, int status)
    {
        answer.Status.ShouldBe(status, answer.Text);
        return JsonSerializer.Deserialize<T>(answer.Text, JsonSerializerOptions.Web)!;
    }

    private static string Route(string projection, int generation, string verb) =>
        string.Create(CultureInfo.InvariantCulture, $"projections/{projection}/generations/{generation}{verb}");
}
