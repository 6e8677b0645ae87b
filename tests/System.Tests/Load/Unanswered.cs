namespace Monolith.System.Tests.Load;

/// <summary>A command without an answer that says whether it succeeded.</summary>
/// <param name="Command">The command that was sent.</param>
/// <param name="Why">The error that replaced the answer.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="After">The time from sending to the error.</param>
internal sealed record Unanswered(Command Command, string Why, DateTimeOffset Sent, TimeSpan After);
