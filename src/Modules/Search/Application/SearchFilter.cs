namespace Monolith.Modules.Search.Application;

/// <summary>What hits must be, without being worth anything.</summary>
/// <param name="Status">The status; null for any.</param>
/// <param name="From">Registered or placed at this time or later.</param>
/// <param name="To">Registered or placed before this time.</param>
internal sealed record SearchFilter(string? Status = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public static SearchFilter None { get; } = new();
}
