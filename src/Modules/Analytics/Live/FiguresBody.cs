namespace Monolith.Modules.Analytics.Live;

/// <summary>One message of the live figures: each row replaces what the client had of the same minute and currency.</summary>
/// <param name="Rows">The rows that have changed; in the first message all.</param>
internal sealed record FiguresBody(IReadOnlyList<MinuteFigures> Rows);
