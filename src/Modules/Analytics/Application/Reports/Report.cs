namespace Monolith.Modules.Analytics.Application.Reports;

/// <summary>A report: its parameters and its columns.</summary>
internal abstract record Report(Period Period)
{
    /// <summary>The columns of a row, in the order of the result.</summary>
    public abstract IReadOnlyList<ReportColumn> Columns { get; }
}

/// <summary>Revenue of orders that are not cancelled, at the time of placing.</summary>
/// <param name="By">The grouping of rows.</param>
/// <param name="Period">The orders.</param>
/// <param name="First">The number of rows of each currency, in the order of the report; null for all.</param>
internal sealed record RevenueReport(Grouping By, Period Period, int? First) : Report(Period)
{
    public static readonly Groupings Groupings =
        new(Grouping.Day, Grouping.Month, Grouping.Product, Grouping.Customer, Grouping.City, Grouping.Country);

    public static readonly IReadOnlyList<ReportColumn> Sums =
        [ReportColumn.Text("currency"), ReportColumn.Amount("revenue"), ReportColumn.Count("orders"), ReportColumn.Count("units")];

    public override IReadOnlyList<ReportColumn> Columns => [By.Column, .. Sums];
}

/// <summary>Placed orders, cancelled ones included.</summary>
/// <param name="By">The grouping of rows.</param>
/// <param name="Period">The orders.</param>
internal sealed record OrdersReport(Grouping By, Period Period) : Report(Period)
{
    public static readonly Groupings Groupings = new(Grouping.Day, Grouping.Month, Grouping.Status);

    public static readonly IReadOnlyList<ReportColumn> Sums =
    [
        ReportColumn.Text("currency"), ReportColumn.Amount("amount"), ReportColumn.Count("orders"), ReportColumn.Count("cancelled"),
        ReportColumn.Count("units"),
    ];

    public override IReadOnlyList<ReportColumn> Columns => [By.Column, .. Sums];
}

/// <summary>The number of orders that reached each step, and the time from the previous step: median and 95th percentile.</summary>
internal sealed record FunnelReport(Period Period) : Report(Period)
{
    public static readonly IReadOnlyList<ReportColumn> AllColumns =
    [
        ReportColumn.Text("currency"), ReportColumn.Text("step"), ReportColumn.Count("orders"),
        ReportColumn.SecondsOrNull("medianSeconds"), ReportColumn.SecondsOrNull("p95Seconds"),
    ];

    public override IReadOnlyList<ReportColumn> Columns => AllColumns;
}

/// <summary>
/// Customers by the month of their registration, and their orders that are not cancelled, by currency. A month without orders has one row
/// without a currency.
/// </summary>
/// <param name="Period">The time of registration, and the currency of the orders.</param>
internal sealed record CohortsReport(Period Period) : Report(Period)
{
    public static readonly IReadOnlyList<ReportColumn> AllColumns =
    [
        ReportColumn.Month("month"), ReportColumn.TextOrNull("currency"), ReportColumn.Count("customers"),
        ReportColumn.Amount("revenue"), ReportColumn.Count("buyers"), ReportColumn.Count("orders"),
    ];

    public override IReadOnlyList<ReportColumn> Columns => AllColumns;
}
