namespace Monolith.Modules.Analytics.Application.Reports;

/// <summary>A column of a report: its name in JSON and its type.</summary>
internal sealed record ReportColumn(string Name, ReportColumnType Type)
{
    public static ReportColumn Text(string name) => new(name, ReportColumnType.Text);

    public static ReportColumn TextOrNull(string name) => new(name, ReportColumnType.TextOrNull);

    public static ReportColumn Uuid(string name) => new(name, ReportColumnType.Uuid);

    public static ReportColumn Day(string name) => new(name, ReportColumnType.Day);

    public static ReportColumn Month(string name) => new(name, ReportColumnType.Month);

    public static ReportColumn Count(string name) => new(name, ReportColumnType.Count);

    public static ReportColumn Amount(string name) => new(name, ReportColumnType.Amount);

    public static ReportColumn SecondsOrNull(string name) => new(name, ReportColumnType.SecondsOrNull);
}

internal enum ReportColumnType
{
    Text,
    TextOrNull,
    Uuid,

    /// <summary>A date, written as <c>yyyy-MM-dd</c>.</summary>
    Day,

    /// <summary>The first day of a month, written as <c>yyyy-MM</c>.</summary>
    Month,

    /// <summary>A 64-bit integer.</summary>
    Count,

    /// <summary>An exact decimal with the minor digits of its currency.</summary>
    Amount,

    /// <summary>A duration in seconds, or null.</summary>
    SecondsOrNull,
}
