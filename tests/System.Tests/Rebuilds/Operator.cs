using System.Globalization;
using System.Text.Json;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

/// <summary>Somebody who operates projections, over the admin API of a host.</summary>
internal sealed class Operator(Uri host)
{
    private const string Name = "operator of the tests";

    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public Task<AskedOperation> RebuildAsync(string projection, string body = "{}") =>
        AskedAsync(HttpMethod.Post, $"projections/{projection}/rebuild", body);

    /// <summary>
    /// Asks for a rebuild again for as long as the store is not available: a frozen host may hold the registry until the server ends its
    /// transaction.
    /// </summary>
    public async Task<AskedOperation> RebuildBesideFrozenAsync(string projection)
    {
        AskedOperation? asked = null;
        await Eventually.HoldsAsync(Patience, async () =>
        {
            asked = await RebuildAsync(projection);
            return null;
        });
        return asked!;
    }

    public Task<AskedOperation> PromoteAsync(string projection, int generation) =>
        AskedAsync(HttpMethod.Post, Route(projection, generation, "/promote"));

    public Task<AskedOperation> CancelAsync(string projection, int generation) =>
        AskedAsync(HttpMethod.Post, Route(projection, generation, "/cancel"));

    public Task<AskedOperation> DropAsync(string projection, int generation) =>
        AskedAsync(HttpMethod.Delete, Route(projection, generation, ""));

    public Task<AskedOperation> RollbackAsync(string projection) => AskedAsync(HttpMethod.Post, $"projections/{projection}/rollback");

    public Task<AskedOperation> VerifyAsync(string projection) => AskedAsync(HttpMethod.Post, $"projections/{projection}/verify");

    public Task<AskedOperation> RequeueAsync(string projection, string key) =>
        AskedAsync(HttpMethod.Post, "dead-letters/requeue", JsonSerializer.Serialize(new { projection, key }));

    public Task<AskedOperation> DiscardAsync(string projection, string key, string reason) =>
        AskedAsync(HttpMethod.Post, "dead-letters/discard", JsonSerializer.Serialize(new { projection, key, reason }));

    /// <summary>Waits for the end of what was asked for.</summary>
    public async Task<AskedOperation> EndAsync(AskedOperation operation)
    {
        var last = operation;
        await Eventually.HoldsAsync(Patience, async () =>
        {
            last = Read<AskedOperation>(await SendAsync(HttpMethod.Get, $"operations/{operation.Id}"), 200);
            return last.State == "running" ? $"{last} still runs: {await ReportAsync(operation.Projection)}" : null;
        });
        return last;
    }

    /// <summary>Waits until what was asked for is done.</summary>
    public async Task<AskedOperation> DoneAsync(Task<AskedOperation> asked)
    {
        var ended = await EndAsync(await asked);
        ended.State.ShouldBe("done", ended.ToString());
        return ended;
    }

    public async Task<Report> ReportAsync(string projection) =>
        Read<Report>(await SendAsync(HttpMethod.Get, $"projections/{projection}"), 200);

    /// <summary>Sends a request as it is; the route below the admin API.</summary>
    public Task<JsonAnswer> SendAsync(HttpMethod method, string route, string? body = null) =>
        Client.SendJson(method, new Uri(host, $"admin/api/{route}").AbsoluteUri, body, "X-Actor", Name);

    private async Task<AskedOperation> AskedAsync(HttpMethod method, string route, string? body = null) =>
        Read<AskedOperation>(await SendAsync(method, route, body), 202);

    private static T Read<T>(JsonAnswer answer, int status)
    {
        answer.Status.ShouldBe(status, answer.Text);
        return JsonSerializer.Deserialize<T>(answer.Text, JsonSerializerOptions.Web)!;
    }

    private static string Route(string projection, int generation, string verb) =>
        string.Create(CultureInfo.InvariantCulture, $"projections/{projection}/generations/{generation}{verb}");
}
