using System.Runtime.CompilerServices;
using System.Text.Json;
using Monolith.Cli.Admin;

namespace Monolith.Cli.Events;

/// <summary>
/// Follows the logs by offset, starting at their heads. A restart of the host or a broken connection neither loses nor repeats an event,
/// because the cursor names the offsets that were read.
/// </summary>
internal sealed class EventTail(AdminClient client, IReadOnlyList<(string Name, string? Value)> filter)
{
    private const string PageSize = "200";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<(JsonElement Document, EventEntry Event)> FollowAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var page = await ReadAsync(after: null, stop);
        using var timer = new PeriodicTimer(PollInterval);
        while (page.More || await timer.WaitForNextTickAsync(stop))
        {
            var after = Paging.CursorOf(page.Next);
            page = await HostRetry.RunAsync(() => ReadAsync(after, stop), stop);
            foreach (var document in page.Items)
                yield return (document, document.Deserialize(EventsJson.Default.EventEntry)!);
        }
    }

    private async Task<EventTailPage> ReadAsync(string? after, CancellationToken stop)
    {
        var query = QueryText.Of([.. filter, ("limit", PageSize), ("after", after)]);
        return (await client.GetAsync($"events/tail{query}", EventsJson.Default.EventTailPage, stop)).Value;
    }
}
