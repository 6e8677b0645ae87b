using System.Text.Json;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>A question in SQL, and how a line of its answer is written.</summary>
/// <param name="Sql">The question, given where the tables are.</param>
/// <param name="Values">The values of its parameters.</param>
/// <param name="Columns">The properties of a line, in the order of the columns.</param>
/// <param name="Projections">Whose tables it needs.</param>
internal sealed record Report(Func<DuckDbSession, string> Sql, IReadOnlyList<object> Values, IReadOnlyList<ReportColumn> Columns, params string[] Projections)
{
    public void Write(Utf8JsonWriter json, DuckDbLine line)
    {
        foreach (var column in Columns)
            column.Write(json, line);
    }
}
