using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Consistency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.ServerSentEvents;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Application.Live;
using Monolith.Modules.Analytics.Application.Reports;
using Monolith.Modules.Analytics.Infrastructure.Exports;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Api;

internal static partial class AnalyticsRoutes
{
    private const string SnapshotName = "snapshot";
    private const string FirstRows =
        "How many lines of each currency, in the order of the report: of products, customers, cities and countries those with the most "
        + "revenue.";
    private const string LiveMessages =
        $"One message {FiguresSource.MessageType} a change, at most 4 a second; the first has all of the hour. Its data is JSON: rows of "
        + "minute, currency, orders and revenue, each in place of the one before of that minute and currency.";

    private static readonly RouteTag Tag = new("Analytics", "Reports over orders and customers, live figures, and exports for notebooks.");

    private static readonly ResponseFormat Parquet = new(ExportResponse.ContentType, IsFile: true);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var analytics = endpoints.MapGroup("/api/v1/analytics").Tag(Tag);
        MapReports(analytics);
        foreach (var dataSet in ExportDataSets.Facts)
            analytics.MapExport(dataSet).Reads(OrderProjection.Name, CustomerProjection.Name);
        analytics.MapExport(ExportDataSets.Events)
            .ReadsEvents(OrderProjection.Name, CustomerProjection.Name)
            .Refuses(ExportResponse.EventsUnavailable(""));
        MapLiveFigures(endpoints);
    }

    private static void MapReports(RouteGroupBuilder analytics)
    {
        analytics.MapReport(
                "/revenue",
                query => new RevenueReport(By(query, RevenueReport.Groupings), PeriodOf(query), query.FirstOnly(FirstRows)),
                ReportSchema.Of(RevenueReport.Sums, RevenueReport.Groupings),
                hasSnapshots: true)
            .Summary("Get revenue report", "Revenue of orders that were placed and are not cancelled, at the time of placing.");
        analytics.MapReport(
                "/orders",
                query => new OrdersReport(By(query, OrdersReport.Groupings), PeriodOf(query)),
                ReportSchema.Of(OrdersReport.Sums, OrdersReport.Groupings),
                hasSnapshots: true)
            .Summary("Get orders report", "Orders that were placed, cancelled ones included.");
        analytics.MapReport(
                "/funnel", query => new FunnelReport(PeriodOf(query)), ReportSchema.Of(FunnelReport.AllColumns), hasSnapshots: true)
            .Summary(
                "Get funnel report", "How many orders were paid and shipped, and how long each step took: median and 95th percentile.");
        analytics.MapReport(
                "/cohorts", query => new CohortsReport(PeriodOf(query)), ReportSchema.Of(CohortsReport.AllColumns), hasSnapshots: false)
            .Summary("Get cohorts report", "Customers by the month of their registration, and what they have ordered since.");
    }

    private static void MapLiveFigures(IEndpointRouteBuilder endpoints)
    {
        var figures = endpoints.ServiceProvider.GetRequiredService<LiveFigures>();
        endpoints.MapStream(
                "/api/v1/analytics/live",
                _ => true,
                (_, _, _) => Task.FromResult<Result<IEventSource>>(new FiguresSource(figures)),
                new EventStreamFormat(LiveMessages, CanResume: false))
            .Summary("Stream live figures", "Orders and revenue a minute over the last hour, by currency, as they change.")
            .Tag(Tag);
    }

    private static IEndpointConventionBuilder MapExport(this IEndpointRouteBuilder routes, string dataSet) =>
        routes.MapContent(
                $"/exports/{dataSet}.parquet",
                query => query.DayOrTime("until"),
                (until, context) => context.RequestServices.GetRequiredService<ExportResponse>().SendAsync(dataSet, until, context),
                Parquet)
            .Refuses(ExportFolder.Busy)
            .Summary($"Export {Words(dataSet)}", $"The history of {Words(dataSet)} as a Parquet file, complete or as of a time.");

    private static string Words(string dataSet) => dataSet.Replace('-', ' ');

    private static IEndpointConventionBuilder MapReport(
        this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, Report> report, ResponseFormat form, bool hasSnapshots)
    {
        var route = routes.MapContent(
            pattern,
            query => (Report: report(query), Snapshot: hasSnapshots ? query.Text(SnapshotName) : null),
            (query, context) =>
                context.RequestServices.GetRequiredService<ReportResponse>().SendAsync(query.Report, query.Snapshot, context),
            form).Reads(OrderProjection.Name, CustomerProjection.Name);
        return hasSnapshots ? route.Refuses(ProjectionRefusals.Snapshot) : route;
    }

    private static Grouping By(QueryReader query, Groupings groupings) =>
        query.OneOf("by", [.. groupings.Keys]) is { } name ? groupings[name] : groupings.Default;

    private static Period PeriodOf(QueryReader query)
    {
        var (from, to) = (query.DayOrTime("from"), query.DayOrTime("to"));
        if (from >= to)
            query.Refuse<string>("to", "Must be after from: from is part of the period, to is not.");
        var currency = query.Matching("currency", CurrencyCode(), "Must be the code of a currency as ISO 4217 has it: EUR.");
        return new Period(from, to, currency);
    }

    [GeneratedRegex("^[A-Z]{3}\\z")]
    private static partial Regex CurrencyCode();
}
