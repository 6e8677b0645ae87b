using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Verification;
using Monolith.Testing.Streams;

namespace Monolith.System.Tests.Streams;

/// <summary>The events that a client of the stream has received.</summary>
internal sealed class Heard
{
    private readonly List<(string Module, int Partition, long Offset, Guid Id)> events = [];

    public int Count => events.Count;

    public void Add(SseMessage message)
    {
        using var json = JsonDocument.Parse(message.Data);
        var root = json.RootElement;
        events.Add(
            (
                root.GetProperty("module").GetString()!,
                root.GetProperty("partition").GetInt32(),
                root.GetProperty("offset").GetInt64(),
                root.GetProperty("id").GetGuid()));
    }

    /// <summary>All events of the logs, each once, in order within a partition.</summary>
    public async Task ShouldBeTheLogsAsync(Site site)
    {
        foreach (var module in new[] { "customers", "orders" })
        {
            var log = await WrittenLog.ReadAsync(site.Sql, module);
            events.Where(e => e.Module == module)
                .GroupBy(e => e.Partition)
                .OrderBy(partition => partition.Key)
                .SelectMany(partition => partition)
                .Select(e => (e.Partition, e.Offset, e.Id))
                .ShouldBe(log.Events.Select(e => (e.Partition, e.Offset, e.Id)), $"the events of {module}");
        }
    }

    /// <summary>The number of events in the logs.</summary>
    public static async Task<int> LoggedAsync(Site site) =>
        (int)((await WrittenLog.CountersAsync(site.Sql, "customers")).Sum() + (await WrittenLog.CountersAsync(site.Sql, "orders")).Sum());
}
