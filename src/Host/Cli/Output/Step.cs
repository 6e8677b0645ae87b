namespace Monolith.Host.Cli.Output;

/// <summary>How far something is that is waited for.</summary>
/// <param name="Text">In words.</param>
/// <param name="Share">From 0 to 1; null where that cannot be told.</param>
/// <param name="Mark">What a reader of plain lines wants to hear of: a line is written when it changes, not at every figure.</param>
internal sealed record Step(string Text, double? Share, string Mark);
