using Lucene.Net.Documents;
using Lucene.Net.Index;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A dead letter as a document of the index.</summary>
internal static class DeadLetterDocument
{
    public static IEnumerable<IIndexableField> Of(DeadLetterEntry entry, string place) =>
    [
        new StringField(LuceneFields.Kind, LuceneFields.DeadLetterKind, Field.Store.NO),
        new StringField(LuceneFields.Place, place, Field.Store.NO),
        new StoredField(LuceneFields.Letter, DeadLettersJson.Write(entry)),
    ];
}
