namespace Monolith.Modules.Analytics.Reports;

/// <summary>Which orders a report is about.</summary>
/// <param name="From">Placed at this time or later.</param>
/// <param name="To">Placed before this time.</param>
/// <param name="Currency">In this currency alone.</param>
internal sealed record Period(DateTimeOffset? From, DateTimeOffset? To, string? Currency)
{
    /// <summary>The condition in SQL, for a table with <c>currency</c> and the named time; true where nothing is asked.</summary>
    public string Condition(string time) =>
        $"{(From is null ? "true" : $"{time} >= $1")} and {(To is null ? "true" : $"{time} < ${ToNumber}")} and {(Currency is null ? "true" : $"currency = ${CurrencyNumber}")}";

    /// <summary>The values of the condition.</summary>
    public IReadOnlyList<object> Values => [.. new object?[] { From, To, Currency }.OfType<object>()];

    private int ToNumber => From is null ? 1 : 2;

    private int CurrencyNumber => Values.Count;
}
