// Owning pointers for GStreamer's counted objects, and its errors as ours. Any thread.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace camgate::camera {

struct GstRelease {
    void operator()(GstElement* p) const { gst_object_unref(p); }
    void operator()(GstPad* p) const { gst_object_unref(p); }
    void operator()(GstBus* p) const { gst_object_unref(p); }
    void operator()(GstClock* p) const { gst_object_unref(p); }
    void operator()(GstCaps* p) const { gst_caps_unref(p); }
    void operator()(GstSample* p) const { gst_sample_unref(p); }
    void operator()(GstBuffer* p) const { gst_buffer_unref(p); }
    void operator()(GstMessage* p) const { gst_message_unref(p); }
    void operator()(gchar* p) const { g_free(p); }
};

template <class T>
using GstPtr = std::unique_ptr<T, GstRelease>;
using ElementPtr = GstPtr<GstElement>;
using SamplePtr = GstPtr<GstSample>;

/// Takes the floating reference; Unavailable when the plugin is not installed.
[[nodiscard]] inline Result<ElementPtr> makeElement(const char* factory) {
    GstElement* element = gst_element_factory_make(factory, nullptr);
    if (!element) return fail(ErrorKind::Unavailable, std::string("no GStreamer element ") + factory);
    return ElementPtr(GST_ELEMENT(gst_object_ref_sink(element)));
}

inline bool hasProperty(GstElement* element, const char* name) {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(element), name) != nullptr;
}

}  // namespace camgate::camera
