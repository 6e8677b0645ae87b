using System.Text.Json;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Replay;

/// <summary>Rebuilds a projection of a running host through the admin API, and drops the old generation afterwards.</summary>
internal sealed class HostRebuild(HostProcess host, string projection = HostRebuild.CustomerView) : IDisposable
{
    /// <summary>The read model that most benchmarks rebuild.</summary>
    public const string CustomerView = "orders.customers";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient client = new() { BaseAddress = new Uri(host.Url, "admin/api/") };

    /// <summary>The seconds from the request until the new generation is live, from the host's operation record.</summary>
    public async Task<double> RunAsync(CancellationToken cancellation)
    {
        using var response = await client.PostAsJsonAsync($"projections/{projection}/rebuild", new { promote = "auto" }, cancellation);
        response.EnsureSuccessStatusCode();
        var operation =
            await EndAsync((await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetGuid(), cancellation);
        await DropAsync(operation.GetProperty("generation").GetInt32(), cancellation);
        return (operation.GetProperty("endedAt").GetDateTimeOffset() - operation.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds;
    }

    /// <summary>Waits until the first generation is live.</summary>
    public Task BuiltAsync(CancellationToken cancellation) => Until.HoldsAsync(
        $"{projection} is built", Poll, async () =>
            (await ShowAsync(cancellation)).GetProperty("live").ValueKind == JsonValueKind.Number, cancellation);

    public void Dispose() => client.Dispose();

    private async Task<JsonElement> EndAsync(Guid id, CancellationToken cancellation)
    {
        var operation = default(JsonElement);
        await Until.HoldsAsync($"the rebuild of {projection} has ended", Poll, async () =>
        {
            operation = await client.GetFromJsonAsync<JsonElement>($"operations/{id}", cancellation);
            return operation.GetProperty("state").GetString() != "running";
        }, cancellation);
        return operation.GetProperty("state").GetString() == "done"
            ? operation
            : throw new InvalidOperationException($"The rebuild is {operation}.");
    }

    private async Task DropAsync(int live, CancellationToken cancellation)
    {
        foreach (var generation in (await ShowAsync(cancellation)).GetProperty("generations").EnumerateArray())
        {
            var number = generation.GetProperty("number").GetInt32();
            if (number != live && generation.GetProperty("state").GetString() == "retired")
                (await client.DeleteAsync(new Uri($"projections/{projection}/generations/{number}", UriKind.Relative), cancellation))
                    .EnsureSuccessStatusCode();
        }
    }

    private Task<JsonElement> ShowAsync(CancellationToken cancellation) =>
        client.GetFromJsonAsync<JsonElement>($"projections/{projection}", cancellation);
}
