using System.Globalization;
using System.Text.Json;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.Modules.Analytics.Application.Reports;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

/// <summary>Runs reports in DuckDB.</summary>
internal sealed class DuckDbReports(IDuckDbReads reads) : IReports
{
    public async Task<Result<IReportRows>> RunAsync(Report report, string? snapshot, CancellationToken cancellation)
    {
        var query = ReportQuery.Of(report);
        if (snapshot is null)
            return new Rows(report, query, await reads.OpenAsync(query.Projections, cancellation), cancellation);
        return (await reads.OpenSnapshotAsync(query.Projections.Single(), snapshot, cancellation)).TryGet(out var session, out var error)
            ? new Rows(report, query, session, cancellation)
            : error;
    }

    private sealed class Rows : IReportRows
    {
        private const double MicrosecondsPerSecond = 1_000_000;

        private readonly Report report;
        private readonly DuckDbSession session;
        private readonly IEnumerator<DuckDbLine> lines;

        public Rows(Report report, ReportQuery query, DuckDbSession session, CancellationToken cancellation)
        {
            this.report = report;
            this.session = session;
            lines = session.Query(query.Sql(session), query.Parameters, cancellation).GetEnumerator();
        }

        public bool Read() => lines.MoveNext();

        public void Write(Utf8JsonWriter json)
        {
            foreach (var column in report.Columns)
                Write(json, column, lines.Current);
        }

        public void Dispose()
        {
            lines.Dispose();
            session.Dispose();
        }

        private static void Write(Utf8JsonWriter json, ReportColumn column, DuckDbLine line)
        {
            switch (column.Type)
            {
                case ReportColumnType.Text:
                    json.WriteString(column.Name, line.Text());
                    break;
                case ReportColumnType.TextOrNull:
                    json.WriteString(column.Name, line.TextOrNull());
                    break;
                case ReportColumnType.Uuid:
                    json.WriteString(column.Name, line.Uuid());
                    break;
                case ReportColumnType.Day:
                    json.WriteString(column.Name, line.Date().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                    break;
                case ReportColumnType.Month:
                    json.WriteString(column.Name, line.Date().ToString("yyyy-MM", CultureInfo.InvariantCulture));
                    break;
                case ReportColumnType.Count:
                    json.WriteNumber(column.Name, line.Large());
                    break;
                case ReportColumnType.Amount:
                    json.WriteAmount(column.Name, line);
                    break;
                case ReportColumnType.SecondsOrNull when line.DoubleOrNull() is { } microseconds:
                    json.WriteNumber(column.Name, microseconds / MicrosecondsPerSecond);
                    break;
                case ReportColumnType.SecondsOrNull:
                    json.WriteNull(column.Name);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(column), column, null);
            }
        }
    }
}
