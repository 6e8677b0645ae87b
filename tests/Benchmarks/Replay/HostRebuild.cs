using System.Text.Json;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Replay;

/// <summary>Rebuilds a projection of a running host as an operator would, and drops the old generation afterwards.</summary>
internal sealed class HostRebuild(HostProcess host, string projection = HostRebuild.CustomerView) : IDisposable
{
    /// <summary>The read model that most benchmarks rebuild.</summary>
    public const string CustomerView = "orders.customers";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient client = new() { BaseAddress = new Uri(host.Url, "admin/api/") };

    /// <summary>The seconds from asking until the new generation is live, as the host's record has them.</summary>
    public async Task<double> RunAsync(CancellationToken cancellation)
    {
        using var asked = await client.PostAsJsonAsync($"projections/{projection}/rebuild", new { promote = "auto" }, cancellation);
        asked.EnsureSuccessStatusCode();
        var operation = await EndAsync((await asked.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetGuid(), cancellation);
        await DropAsync(operation.GetProperty("generation").GetInt32(), cancellation);
        return (operation.GetProperty("endedAt").GetDateTimeOffset() - operation.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds;
    }

    /// <summary>Waits until the first generation is live.</summary>
    public async Task BuiltAsync(CancellationToken cancellation)
    {
        while ((await ShowAsync(cancellation)).GetProperty("live").ValueKind != JsonValueKind.Number)
            await Task.Delay(Poll, cancellation);
    }

    public void Dispose() => client.Dispose();

    private async Task<JsonElement> EndAsync(Guid id, CancellationToken cancellation)
    {
        while (true)
        {
            var operation = await client.GetFromJsonAsync<JsonElement>($"operations/{id}", cancellation);
            if (operation.GetProperty("state").GetString() == "done")
                return operation;
            if (operation.GetProperty("state").GetString() != "running")
                throw new InvalidOperationException($"The rebuild is {operation}.");
            await Task.Delay(Poll, cancellation);
        }
    }

    private async Task DropAsync(int live, CancellationToken cancellation)
    {
        foreach (var generation in (await ShowAsync(cancellation)).GetProperty("generations").EnumerateArray())
        {
            var number = generation.GetProperty("number").GetInt32();
            if (number != live && generation.GetProperty("state").GetString() == "retired")
                (await client.DeleteAsync(new Uri($"projections/{projection}/generations/{number}", UriKind.Relative), cancellation)).EnsureSuccessStatusCode();
        }
    }

    private Task<JsonElement> ShowAsync(CancellationToken cancellation) => client.GetFromJsonAsync<JsonElement>($"projections/{projection}", cancellation);
}
