using System.Globalization;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Host.Cli.Admin;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.DeadLetters;

/// <summary>Parked events as a table.</summary>
internal static class DeadLetterText
{
    public static IEnumerable<Block> List(PageBody<DeadLetter> page) =>
    [
        Block.List(
            page.Items,
            "No event is parked.",
            ("PROJECTION", letter => letter.Projection),
            ("GENERATION", letter => Figures.Generation(letter.Generation)),
            ("KEY", letter => letter.Key),
            ("TYPE", letter => letter.Type),
            ("PLACE", letter => string.Create(CultureInfo.InvariantCulture, $"{letter.Log}[{letter.Partition}] {letter.Offset}")),
            ("SINCE", letter => Figures.Time(letter.ParkedAt)),
            ("ASKED", letter => Figures.Text(letter.Asked)),
            ("REASON", letter => letter.Reason ?? "waits behind the one before")),
        .. Paging.GoOn(page.Next),
    ];
}
