namespace Monolith.System.Tests.Load;

/// <summary>A command without an answer that says whether it succeeded.</summary>
/// <param name="Command">What was sent.</param>
/// <param name="Why">What came instead of an answer.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="After">How long after that it was given up.</param>
internal sealed record Unanswered(Command Command, string Why, DateTimeOffset Sent, TimeSpan After);
