using System.Text.Json;

namespace Monolith.Host.Cli.Events;

/// <summary>A page of events, each as the document that it came in.</summary>
/// <param name="Items">The events.</param>
/// <param name="Next">The URL of the next page; null on the last.</param>
internal sealed record EventPage(IReadOnlyList<JsonElement> Items, string? Next)
{
    public IReadOnlyList<EventEntry> Entries() => [.. Items.Select(item => item.Deserialize(HistoryJson.Web.EventEntry)!)];
}
