using Lucene.Net.Documents;
using Lucene.Net.Index;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A parked event as a document of its own, beside those of the rows.</summary>
internal static class DeadLetterDocument
{
    public static IEnumerable<IIndexableField> Of(DeadLetterEntry letter, string place) =>
    [
        new StringField(LuceneFields.Kind, LuceneFields.ParkedKind, Field.Store.NO),
        new StringField(LuceneFields.Place, place, Field.Store.NO),
        new StoredField(LuceneFields.Letter, DeadLettersJson.Write(letter)),
    ];
}
