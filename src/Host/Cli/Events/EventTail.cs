using System.Globalization;
using System.Text.Json;
using System.Runtime.CompilerServices;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.Events;

/// <summary>
/// Follows the logs from their heads on. The list is in the order of time, and an event is stored a moment after its time: each look goes back a little, and leaves out what was shown.
/// </summary>
internal sealed class EventTail(AdminClient client, IReadOnlyList<(string Name, string? Value)> filter)
{
    private const string PageSize = "200";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(2);

    private readonly Dictionary<Guid, DateTimeOffset> seen = [];
    private DateTimeOffset? latest;

    public async IAsyncEnumerable<(JsonElement Document, EventEntry Event)> FollowAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var logs = await client.GetAsync("logs", HistoryJson.Web.LogList, stop);
        latest = logs.Value.Items.Max(log => log.LastAt);
        if (latest is not null)
            await LookAsync(stop);

        using var pause = new PeriodicTimer(Poll);
        while (await pause.WaitForNextTickAsync(stop))
        {
            foreach (var found in await LookAsync(stop))
                yield return found;
        }
    }

    private async Task<List<(JsonElement Document, EventEntry Event)>> LookAsync(CancellationToken stop)
    {
        var unseen = new List<(JsonElement, EventEntry)>();
        var from = latest - Overlap;
        string? after = null;
        do
        {
            var query = QueryText.Of([.. filter, ("from", from?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)), ("limit", PageSize), ("after", after)]);
            var page = (await HostPatience.AskAsync(() => client.GetAsync($"events{query}", HistoryJson.Web.EventPage, stop), stop)).Value;
            foreach (var (document, entry) in page.Items.Zip(page.Entries()))
            {
                if (seen.TryAdd(entry.Id, entry.OccurredAt))
                    unseen.Add((document, entry));
                if (latest is null || entry.OccurredAt > latest)
                    latest = entry.OccurredAt;
            }

            after = Paging.CursorOf(page.Next);
        }
        while (after is not null);

        foreach (var old in seen.Where(entry => entry.Value < latest - Overlap).Select(entry => entry.Key).ToArray())
            seen.Remove(old);
        return unseen;
    }
}
