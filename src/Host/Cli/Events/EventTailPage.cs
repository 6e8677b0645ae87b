using System.Text.Json;

namespace Monolith.Host.Cli.Events;

/// <summary>The next events of the logs, each as the document that it came in.</summary>
/// <param name="Items">The events.</param>
/// <param name="Next">The URL that continues after them.</param>
/// <param name="More">Whether the logs hold more already.</param>
internal sealed record EventTailPage(IReadOnlyList<JsonElement> Items, string Next, bool More);
