using System.Globalization;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Web.Responses;
using Monolith.Cli.Admin;
using Monolith.Cli.Output;

namespace Monolith.Cli.DeadLetters;

/// <summary>Dead letters as a table.</summary>
internal static class DeadLetterText
{
    public static IEnumerable<Block> List(PageBody<DeadLetter> page) =>
    [
        Block.List(
            page.Items,
            "There are no dead letters.",
            ("PROJECTION", letter => letter.Projection),
            ("GENERATION", letter => Format.Generation(letter.Generation)),
            ("KEY", letter => letter.Key),
            ("TYPE", letter => letter.Type),
            ("OFFSET", letter => string.Create(CultureInfo.InvariantCulture, $"{letter.Log}[{letter.Partition}] {letter.Offset}")),
            ("SINCE", letter => Format.Time(letter.ParkedAt)),
            ("REQUESTED", letter => Format.Text(letter.Asked)),
            ("REASON", letter => letter.Reason ?? "follows an earlier dead letter of its key")),
        .. Paging.NextPage(page.Next),
    ];
}
